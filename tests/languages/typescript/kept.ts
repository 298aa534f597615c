console.log("printed");
process.kill(process.pid, "SIGKILL");
