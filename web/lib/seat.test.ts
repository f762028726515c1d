import { giveUpSeat, keepSeat, seatAt } from "./seat";

const seat = { token: "t", session: "s", participant: "p", join_url: null };
afterEach(() => {
  jest.restoreAllMocks();
  giveUpSeat("RAVEN-417");
  localStorage.clear();
});

test("a seat is found again by its code in any case", () => {
  keepSeat("raven-417", seat);
  expect(seatAt("RAVEN-417")).toEqual(seat);
  expect(localStorage.getItem("seance.seat.RAVEN-417")).not.toBeNull();
  giveUpSeat("Raven-417");
  expect(seatAt("RAVEN-417")).toBeNull();
});

test("what is not a seat is none", () => {
  for (const odd of ["", "{", "null", '{"token":1}']) {
    localStorage.setItem("seance.seat.RAVEN-417", odd);
    expect(seatAt("RAVEN-417")).toBeNull();
  }
});

test("where storage is refused it lasts as long as the page", () => {
  const refuse = () => {
    throw new DOMException("denied", "SecurityError");
  };
  for (const method of ["getItem", "setItem", "removeItem"] as const) {
    jest.spyOn(Storage.prototype, method).mockImplementation(refuse);
  }
  keepSeat("RAVEN-417", seat);
  expect(seatAt("RAVEN-417")).toEqual(seat);
  giveUpSeat("RAVEN-417");
  expect(seatAt("RAVEN-417")).toBeNull();
});
