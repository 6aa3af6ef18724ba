import { describe, expect, test } from 'vitest';
import { makeAdmission } from './admission.ts';
import { Refusal } from './http.ts';

describe('makeAdmission', () => {
  test('bounds bytes, and takes back what was given', () => {
    const admission = makeAdmission({ maxBytes: 100, maxRequests: 10 });
    const first = admission.enter(60);
    expect(() => admission.enter(41)).toThrow(Refusal);
    const second = admission.enter(40);
    first.leave();
    first.leave();
    expect(admission.bytes).toBe(40);
    second.leave();
    expect([admission.bytes, admission.requests]).toEqual([0, 0]);
  });

  test('bounds requests', () => {
    const admission = makeAdmission({ maxBytes: 100, maxRequests: 1 });
    const ticket = admission.enter(0);
    expect(() => admission.enter(0)).toThrow('busy');
    ticket.leave();
    expect(() => admission.enter(0)).not.toThrow();
  });

  test('a body that turns out larger needs room too; one that turns out smaller gives some back', () => {
    const admission = makeAdmission({ maxBytes: 100, maxRequests: 10 });
    const ticket = admission.enter(50);
    expect(() => ticket.resize(101)).toThrow(Refusal);
    expect(admission.bytes).toBe(50);
    ticket.resize(100);
    ticket.resize(10);
    expect(admission.bytes).toBe(10);
  });

  test('tells when to come again', () => {
    const admission = makeAdmission({ maxBytes: 1, maxRequests: 1 });
    const enter = (): unknown => {
      try {
        return admission.enter(2);
      } catch (error) {
        return error;
      }
    };
    expect(enter()).toMatchObject({ status: 503, retryAfterSeconds: 1 });
  });
});
