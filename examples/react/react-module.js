// What the page gets of React. React's packages are CommonJS, which no browser loads: `npm run build` makes one ES module of this.
export { createElement, useState, useSyncExternalStore } from "react";
export { createRoot } from "react-dom/client";
