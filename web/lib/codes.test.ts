/** @jest-environment node */
import { askAgain, farewellOf } from "./codes";

test.each([
  [null, null],
  [1000, null],
  [1006, null],
  [1007, "misunderstood"],
  [1009, "misunderstood"],
  [4001, null],
  [4002, null],
  [4003, null],
  [4400, "misunderstood"],
  [4401, "no_seat"],
  [4403, "kicked"],
  [4408, "misunderstood"],
  [4410, "ended"],
  [4429, "flooding"],
  [4499, "misunderstood"],
])("after close code %s: %s", (code, farewell) => expect(farewellOf(code)).toBe(farewell));

test("a full queue is tried again, a refusal is not", () => {
  expect(["rate_limited", "queue_full", "already_queued", "unavailable", "internal"].every(askAgain)).toBe(true);
  expect(["invalid_text", "session_ended", "refused", "forbidden", "too_large"].some(askAgain)).toBe(false);
});
