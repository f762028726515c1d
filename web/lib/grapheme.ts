export const questionAtMost = 280; // graphemes, wire.md section 3

// Characters as people count them. Browsers without a segmenter count code points; the server has the last word.
export function graphemeCount(text: string): number {
  return "Segmenter" in Intl ? [...new Intl.Segmenter().segment(text)].length : [...text].length;
}
