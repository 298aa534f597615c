const { Worker } = require("worker_threads");
const { execFileSync } = require("child_process");
const body = "require('worker_threads').parentPort.postMessage(require('worker_threads').workerData)";
const one = (n) => new Promise((done) =>
	new Worker(body, { eval: true, workerData: n }).on("message", done));
Promise.all([0, 1, 2, 3].map(one)).then((all) =>
	process.stdout.write(all.reduce((a, b) => a + b) + " " + execFileSync("echo", ["child"])));
