package main

import (
	"fmt"
	"net/http"
	"os/exec"
	"sync"
)

func main() {
	var wait sync.WaitGroup
	var lock sync.Mutex
	sum := 0
	for i := 0; i < 4; i++ {
		wait.Add(1)
		go func(n int) {
			defer wait.Done()
			lock.Lock()
			defer lock.Unlock()
			sum += n
		}(i)
	}
	wait.Wait()
	out, err := exec.Command("echo", "child").Output()
	if err != nil || http.StatusText(200) != "OK" {
		panic(err)
	}
	fmt.Print(sum, " ", string(out))
}
