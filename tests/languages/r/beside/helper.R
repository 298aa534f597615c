greet <- function(who) paste0("hello from beside, ", who)
