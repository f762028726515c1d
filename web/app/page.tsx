"use client";

import { lazy } from "react";
import { House } from "@/components/house/House";
import { Lobby } from "@/components/lobby/Lobby";

const sitting = () => import("@/components/sitting/Sitting");
const Sitting = lazy(sitting);

export default function Page() {
  return <House first="lobby" Lobby={Lobby} Sitting={Sitting} ahead={sitting} />;
}
