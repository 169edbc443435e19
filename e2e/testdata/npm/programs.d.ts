declare module "*.wasm.js" {
  const Go: new () => any;
  export default Go;
}
