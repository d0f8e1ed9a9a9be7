import assert from "node:assert/strict";
import type { Site, SiteKind } from "../../src/compiler/site";
import { siteRunning } from "../../src/trace/running";

function site(kind: SiteKind, start: number, end: number): Site {
  return { kind, start, end, line: 0 };
}

describe("siteRunning", () => {
  const statement = site("statement", 0, 5);
  const loop = site("loop", 10, 60);
  const argument = site("expression", 25, 30);
  const binding = site("binding", 20, 40);
  const sites = [statement, loop, argument, binding];

  it("is the first one before anything was reached", () => assert.equal(siteRunning(sites, -1), statement));
  it("is what the value reached last is part of", () => assert.equal(siteRunning(sites, 2), binding));
  it("is the next one after a whole statement", () => assert.equal(siteRunning(sites, 0), loop));
  it("is the last one when nothing follows", () => assert.equal(siteRunning(sites, 3), binding));
  it("is unknown in a program without sites", () => assert.equal(siteRunning([], -1), null));
});
