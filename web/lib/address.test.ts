/** @jest-environment node */
import { codeIn, codeInPath, inviteLink, pathOf } from "./address";

test.each([
  ["/s/RAVEN-417", "RAVEN-417"],
  ["/s/raven-417/", "RAVEN-417"],
  ["/", null],
  ["/s", null],
  ["/s/", null],
  ["/s/RAVEN 417", null],
  ["/x/RAVEN-417", null],
])("the path %s is the table %s", (path, code) => expect(codeInPath(path)).toBe(code));

test.each([
  ["RAVEN-417", "RAVEN-417"],
  [" raven 417 ", "RAVEN-417"],
  ["raven417", "RAVEN-417"],
  ["raven–417", "RAVEN-417"],
  ["http://192.168.1.4:8000/s/raven-417", "RAVEN-417"],
  ["come to parlour.local/s/RAVEN-417?tv now", "RAVEN-417"],
  ["", null],
  ["what is this?", null],
])("%s means the table %s", (typed, code) => expect(codeIn(typed)).toBe(code));

test("the link that invites is the server's where it knows one", () => {
  expect(inviteLink("RAVEN-417", "http://localhost:8000", null)).toBe("http://localhost:8000" + pathOf("RAVEN-417"));
  expect(inviteLink("RAVEN-417", "http://localhost:8000", "http://192.168.1.4:8000/s/RAVEN-417")).toContain("192.168");
});
