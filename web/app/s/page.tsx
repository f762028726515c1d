"use client";

import { lazy } from "react";
import { House } from "@/components/house/House";
import Sitting from "@/components/sitting/Sitting";

const lobby = () => import("@/components/lobby/Lobby");
const Lobby = lazy(() => lobby().then((loaded) => ({ default: loaded.Lobby })));

// Every session's page: the code is read from the address.
export default function Page() {
  return <House first="table" Lobby={Lobby} Sitting={Sitting} ahead={null} />;
}
