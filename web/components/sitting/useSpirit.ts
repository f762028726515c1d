import { useEffect, useState } from "react";
import type { SpiritCard } from "@/lib/protocol";
import { getSpirits } from "@/lib/rest";

// What the table's spirit is called and speaks; until that is known it is simply the spirit.
export function useSpirit(id: string | undefined): { readonly title: string; readonly lang: string } {
  const [spirits, setSpirits] = useState<readonly SpiritCard[]>([]);
  useEffect(() => {
    if (id) void getSpirits().then((result) => setSpirits(result.ok ?? []));
  }, [id]);
  return spirits.find((spirit) => spirit.id === id) ?? { title: "The spirit", lang: "en" };
}
