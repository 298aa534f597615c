def greet(who)
  "hello from beside, #{who}"
end
