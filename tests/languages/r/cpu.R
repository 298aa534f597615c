while (sum(proc.time()[1:2]) < 1) {}
cat("done\n")
