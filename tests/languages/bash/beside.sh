. ./helper.sh
greet world
