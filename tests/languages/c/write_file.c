#include <stdio.h>

int main(void)
{
	FILE *f = fopen("made.txt", "w");

	return !f || fputs("written by the program\n", f) < 0 || fclose(f);
}
