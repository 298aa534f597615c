process.stdout.write(require("fs").readFileSync("given.txt"));
