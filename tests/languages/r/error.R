cat("before\n")
stop("boo")
