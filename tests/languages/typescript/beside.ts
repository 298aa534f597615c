import { greet } from "./helper";
console.log(greet("world"));
