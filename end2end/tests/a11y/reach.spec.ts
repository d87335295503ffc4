// What axe does not see: reflow, targets, focus, text size and spacing, colours that are taken away.
import type { Page } from "@playwright/test";

import { everywhere } from "../support/pages.ts";
import { expect, test } from "../support/test.ts";

/** What makes the page wider than the window, or sticks out of a box that hides it. */
const sticksOut = (page: Page) =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const scrolls = (element: Element): boolean => {
      const parent = element.parentElement;
      return parent ? getComputedStyle(parent).overflowX !== "visible" || scrolls(parent) : false;
    };
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element))
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent?.trim().slice(0, 60)}`)
      .slice(0, 5)
      .concat(`the page is ${document.documentElement.scrollWidth} px wide`);
  });

/** Targets smaller than 24 px whose circle of 24 px touches another target (the spacing exception of 2.5.8). */
const crowded = (page: Page) =>
  page.evaluate(() => {
    const targets = [...document.querySelectorAll<HTMLElement>("a, button, input:not([type=hidden]), select, summary, label.tick")].filter(
      (element) => element.checkVisibility({ opacityProperty: true }) && element.getBoundingClientRect().width > 1,
    );
    const boxes = targets.map((element) => ({ element, box: element.getBoundingClientRect() }));
    const inSentence = (element: HTMLElement) => {
      const parent = element.closest("p, li, dd, td, th, span");
      return (
        getComputedStyle(element).display === "inline" &&
        [...(parent?.childNodes ?? [])].some((node) => node.nodeType === 3 && node.textContent?.trim())
      );
    };
    return boxes
      .filter(({ element, box }) => {
        if ((box.width >= 24 && box.height >= 24) || inSentence(element) || element.closest(".skip")) return false;
        // A tick box is as large as its label.
        const label = element.closest("label");
        if (label && label.getBoundingClientRect().height >= 24) return false;
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        return boxes.some(({ element: other, box }) => {
          if (other === element || other.contains(element) || element.contains(other)) return false;
          const dx = Math.max(box.left - x, 0, x - box.right);
          const dy = Math.max(box.top - y, 0, y - box.bottom);
          const large = box.width >= 24 && box.height >= 24;
          const middle = Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y);
          return large ? Math.hypot(dx, dy) < 12 : middle < 24;
        });
      })
      .map(({ element, box }) => `${Math.round(box.width)}x${Math.round(box.height)} ${element.outerHTML.slice(0, 120)}`)
      .slice(0, 5);
  });

/** Signs of a state without a word. */
const silent = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("[data-state], [data-chain], [data-feed]")]
      .filter((element) => (element as HTMLElement).checkVisibility() && !element.textContent?.trim())
      .map((element) => element.outerHTML.slice(0, 100)),
  );

test.describe("at rest", () => {
  test.use({ still: true });

  test("nothing scrolls sideways, targets are large enough, states are words (1.4.10, 2.5.8, 1.4.1)", async ({ page, noise }) => {
    await everywhere(page, noise, async ({ path }) => {
      for (const width of [320, 360, 640, 768, 960, 1280, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        expect.soft(await sticksOut(page), `${path} at ${width} px`).toEqual([]);
        if (width === 360 || width === 1280) expect.soft(await crowded(page), `${path} at ${width} px`).toEqual([]);
      }
      expect.soft(await silent(page), path).toEqual([]);
    });
  });

  test("text at 200 % and with wide spacing is not cut off (1.4.4, 1.4.12)", async ({ page, noise }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    const cutOff = () =>
      page.evaluate(() =>
        [...document.querySelectorAll("main *")]
          .filter((element) => {
            const style = getComputedStyle(element);
            const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
            const clips = style.overflowY === "hidden" && style.webkitLineClamp === "none" && style.clipPath === "none";
            return text && clips && element.scrollHeight > element.clientHeight + 2;
          })
          .map((element) => `${element.tagName.toLowerCase()}.${element.className}: ${element.textContent?.trim().slice(0, 60)}`),
      );
    await everywhere(page, noise, async ({ path }) => {
      // Through the style sheet's own units: what a reader's setting of the browser's font size does.
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(":root { font-size: 32px !important }");
        document.adoptedStyleSheets = [sheet];
      });
      expect.soft([...(await sticksOut(page)), ...(await cutOff())], `${path} at 200 %`).toEqual([]);
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(
          "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }",
        );
        document.adoptedStyleSheets = [sheet];
      });
      expect.soft([...(await sticksOut(page)), ...(await cutOff())], `${path} with wide spacing`).toEqual([]);
    });
  });
});

test.describe("focus", () => {
  test.use({ who: "admin", still: true });

  for (const path of ["/", "/sessions", "/connect", "/connections/sample", "/audit", "/people/new"]) {
    test(`Tab goes through ${path}, and shows where it is (2.4.3, 2.4.7, 2.4.11)`, async ({ page }) => {
      await page.goto(path);
      await page.keyboard.press("Tab");
      await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
      await page.keyboard.press("Enter");
      await expect(page.locator("#content")).toBeFocused();
      await page.reload();
      const seen = new Set<string>();
      for (let turn = 0; turn < 40; turn += 1) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(() => {
          const element = document.activeElement;
          if (!element || element === document.body) return undefined;
          const style = getComputedStyle(element);
          const box = element.getBoundingClientRect();
          const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1);
          const y = Math.min(Math.max(box.y + Math.min(box.height / 2, 12), 0), innerHeight - 1);
          const top = document.elementFromPoint(x, y);
          return {
            what: element.outerHTML.slice(0, 100),
            ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
            covered: !(top && (element.contains(top) || top.contains(element) || top.closest("label")?.contains(element))),
          };
        });
        if (!at) break;
        expect(at.ring, `a ring around ${at.what}`).toBe(true);
        expect(at.covered, `something over ${at.what}`).toBe(false);
        seen.add(at.what);
      }
      expect(seen.size).toBeGreaterThan(8);
    });
  }
});
