import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { CareCard } from "./CareCard";

const care = {
  text: "You are worth more than an answer from a board.",
  lines: [
    { label: "Lifeline", contact: "988" },
    { label: "Samaritans", contact: "116 123" },
    { label: "Anywhere", contact: "findahelpline.com" },
    { label: "Emergency", contact: "your local number" },
  ],
};

test("says where to turn to, each place within a tap", () => {
  render(<CareCard care={care} onClose={() => undefined} />);
  expect(screen.getByText(care.text)).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "988" })).toHaveAttribute("href", "tel:988");
  expect(screen.getByRole("link", { name: "116 123" })).toHaveAttribute("href", "tel:116123");
  expect(screen.getByRole("link", { name: "findahelpline.com" })).toHaveAttribute("href", "https://findahelpline.com");
  expect(screen.getByText("your local number").closest("a")).toBeNull();
});

test.each(["button", "Esc"])("is laid aside by %s", async (way) => {
  const user = userEvent.setup();
  const onClose = jest.fn();
  render(<CareCard care={care} onClose={onClose} />);
  if (way === "Esc") await user.keyboard("{Escape}");
  else await user.click(screen.getByRole("button", { name: "Back to the table" }));
  expect(onClose).toHaveBeenCalledTimes(1);
});
