package main

import (
	"fmt"

	"example/helper"
)

func main() {
	fmt.Println(helper.Greet("world"))
}
