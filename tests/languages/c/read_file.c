#include <stdio.h>

int main(void)
{
	FILE *f = fopen("given.txt", "r");
	int c;

	while (f && (c = getc(f)) != EOF)
		putchar(c);
	return !f;
}
