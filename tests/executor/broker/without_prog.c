/* SPDX-License-Identifier: Apache-2.0 */
/*
 * without NAME[,NAME…] COMMAND…: runs a command on a kernel that lacks calls, by
 * an outer filter as containers have them. NAMEs are the rows below.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ANY 0xffffffffU

static const struct {
	const char *name;
	unsigned call, first_arg;
	int says;
} rows[] = {
	{ "openat2", SYS_openat2, ANY, ENOSYS },
	{ "openat2-eperm", SYS_openat2, ANY, EPERM },
	{ "landlock", SYS_landlock_create_ruleset, ANY, ENOSYS },
	{ "notify", SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, EINVAL },
	{ "mount_setattr", SYS_mount_setattr, ANY, ENOSYS },
};

static int deny(const char *name, size_t len)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned says = SECCOMP_RET_ERRNO | (unsigned)rows[i].says;
		struct sock_filter code[] = {
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
				 offsetof(struct seccomp_data, nr)),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, rows[i].call, 0, 3),
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
				 offsetof(struct seccomp_data, args[0])),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, rows[i].first_arg,
				 0, 1),
			BPF_STMT(BPF_RET | BPF_K, says),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		};
		struct sock_fprog prog = { sizeof(code) / sizeof(code[0]),
					   code };

		if (strlen(rows[i].name) != len ||
		    strncmp(rows[i].name, name, len) != 0)
			continue;
		if (rows[i].first_arg == ANY) /* whatever it is */
			code[3] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
							       says);
		/* root keeps his rights; others must promise to gain none */
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == 0)
			return 0;
		return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog);
	}
	errno = EINVAL;
	return -1;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 125;
	for (const char *name = argv[1]; *name;) {
		size_t len = strcspn(name, ",");

		if (deny(name, len)) {
			perror(name);
			return 125;
		}
		name += len + (name[len] == ',');
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
