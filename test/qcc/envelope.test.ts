import { readEnvelope } from '../../src/qcc/envelope.js';

describe('an envelope', () => {
  const read = (fields: object) => readEnvelope(JSON.stringify(fields));

  it.each([
    ['200', '200'],
    [200, '200'],
    [' 200 ', '200'],
    ['W1', 'W1'],
  ])('has the status %j', (Status, status) => {
    expect(read({ Status })).toMatchObject({ status });
  });

  it.each([[undefined], [null], [''], ['-'], [true], [['200']], [{ code: 200 }]])(
    'is none where its Status is %j',
    (Status) => {
      expect(read({ Status })).toBeUndefined();
    },
  );

  it.each(['', 'null', '200', '"200"', '[]', '<html>', '{"Status":"200"', '{"Status":"200"}}'])(
    'is none where the body is %j',
    (body) => {
      expect(readEnvelope(body)).toBeUndefined();
    },
  );

  it.each([
    ['ENDEXECUTECASECHECK2020071618302760849972', 'ENDEXECUTECASECHECK2020071618302760849972'],
    [12345678, '12345678'],
    [' N1 ', 'N1'],
    ['', null],
    ['-', null],
    [null, null],
    [{}, null],
    ['N\ud8001', 'N1'],
  ])('reads %j in OrderNumber and Message as %j', (label, text) => {
    expect(read({ Status: '200', OrderNumber: label, Message: label })).toMatchObject({
      orderNumber: text,
      message: text,
    });
  });
});
