const { greet } = require("./helper");
console.log(greet("world"));
