// Begins the worker: its first message is the detector's module, which the page fetched. Thus the worker needs to reach
// nothing but the glue beside it, and its policy lets it reach nothing else.
import { attach, initSync } from "./GLUE";

self.onmessage = ({ data: module }) => {
  initSync({ module });
  attach();
};
