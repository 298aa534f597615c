const greet = (who: string): string => `hello, ${who}`;
console.log(greet("world"));
