sum = (0..3).map { |n| Thread.new { n } }.sum(&:value)
print sum, " ", `echo child`
