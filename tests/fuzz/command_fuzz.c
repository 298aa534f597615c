/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memfd with a program's argv and environment: what is read from it, packed
 * again, is the same file; a memfd that can still change is refused.
 */
#include "executor/broker/command.h"

#include "executor/base/fd.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_unsealed(const uint8_t *data, size_t size)
{
	int fd = memfd_create("unsealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct command p = { 0 };

	FUZZ_CHECK(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	FUZZ_CHECK(command_read(fd, &p, NULL) < 0 && !p.argv);
	close(fd);
}

static void check_strings(const struct command *p, size_t size)
{
	const char *last = p->data + 8;

	FUZZ_CHECK(p->argv[0]);
	for (char **s = p->argv; *s; s++, last += strlen(last) + 1)
		FUZZ_CHECK(*s == last);
	for (char **s = p->envp; *s; s++, last += strlen(last) + 1)
		FUZZ_CHECK(*s == last);
	FUZZ_CHECK(last == p->data + size);
}

static void check_again(const struct command *p, const uint8_t *data,
			size_t size)
{
	struct err err = { 0 };
	int fd = command_pack((const char *const *)p->argv,
			      (const char *const *)p->envp, &err);
	struct stat st;
	void *map;

	/* what has no name is not packed, but may be read */
	FUZZ_CHECK((fd < 0) == !p->argv[0][0]);
	if (fd < 0)
		return;
	FUZZ_CHECK(fstat(fd, &st) == 0 && st.st_size == (off_t)size);
	map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	FUZZ_CHECK(map != MAP_FAILED && memcmp(map, data, size) == 0);
	munmap(map, size);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = fd_memfd("fuzz", data, size, NULL);
	struct command p = { 0 };
	struct err err = { 0 };

	FUZZ_CHECK(fd >= 0);
	if (command_read(fd, &p, &err) < 0) {
		fuzz_check_err(&err);
		FUZZ_CHECK(!p.argv && !p.envp && !p.data);
	} else {
		check_strings(&p, size);
		check_again(&p, data, size);
		check_unsealed(data, size);
	}
	command_finish(&p);
	close(fd);
	return 0;
}
