source("helper.R")
cat(greet("world"), "\n", sep = "")
