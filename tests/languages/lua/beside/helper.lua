return { greet = function(who) return "hello from beside, " .. who end }
