/** A value that survives JSON unchanged: what flows through ports, is stored in step records and comes back from checkpoints. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };
