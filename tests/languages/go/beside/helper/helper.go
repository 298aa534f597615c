package helper

func Greet(who string) string {
	return "hello from beside, " + who
}
