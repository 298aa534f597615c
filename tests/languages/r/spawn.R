sums <- parallel::mclapply(0:3, function(n) n, mc.cores = 2)
cat(sum(unlist(sums)), " ", system("echo child", intern = TRUE), "\n", sep = "")
