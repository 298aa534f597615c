int main(void)
{
	return nothing_of_that_name;
}
