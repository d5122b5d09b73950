import { dayAhead } from "@/base/time";

const days = 30; // until an agreement is carried out, unless another day is chosen

/** The day that is proposed for carrying out an agreement: 2026-12-20. */
export const proposedDay = (): string => dayAhead(days);

/** Reports whether the server refuses the day: it takes one from today to a year ahead. */
export const isOutsideTerm = (at: Date): boolean => dayAhead(0, at) < dayAhead(0) || dayAhead(0, at) > dayAhead(365);
