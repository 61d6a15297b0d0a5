export { waitUntil as until } from './wait-until.js';
