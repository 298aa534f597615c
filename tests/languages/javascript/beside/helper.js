exports.greet = (who) => `hello from beside, ${who}`;
