/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/*
 * One step of building a jail, as data. plan.c lists them, hands.c carries them
 * out, `coop plan` prints them: the three share this table and nothing else.
 */
#include <stdint.h>

/* X(enum, printed name). What the fields mean stands beside each. */
#define STEP_TABLE(X)                                                          \
	/* root: the nest's file system */                                     \
	X(STEP_PRIVATE, "private") /* no mount event leaves or enters */       \
	X(STEP_NEWROOT, "newroot") /* path: built there; n bytes, m inodes */  \
	X(STEP_DIR, "dir")         /* path; n mode */                          \
	X(STEP_FILE, "file")       /* path; arg content */                     \
	X(STEP_LINK, "link")       /* path; arg target */                      \
	X(STEP_BIND, "bind")       /* path of host and box; n 1: optional */   \
	X(STEP_DEVICE, "device")   /* path of host and box */                  \
	X(STEP_PROC, "proc")       /* path; the nest's own */                  \
	X(STEP_LEAVE, "leave")     /* the host's tree goes */                  \
	X(STEP_READONLY, "readonly") /* path */                                \
	/* box: what init does before it is init */                            \
	X(STEP_NAMESPACES, "namespaces") /* arg: names */                      \
	X(STEP_MAP, "map")           /* n inside id; arg: own or caller's */   \
	X(STEP_STORE, "store")       /* path; n bytes, m inodes: one tmpfs */  \
	X(STEP_SHARE, "share")       /* path; arg place in store; n mode */    \
	X(STEP_SEAL, "seal")         /* path: the store's own mount goes */    \
	X(STEP_QUOTA, "quota")       /* path of a sysctl; n: for this box */   \
	X(STEP_BOX_PROC, "box-proc") /* path; arg options */                   \
	X(STEP_MASK, "mask")         /* path; absent is fine */                \
	X(STEP_LOOPBACK, "loopback") /* brings lo up */                        \
	X(STEP_PROXY, "proxy")       /* arg URL, n port: listens for it */     \
	X(STEP_HOSTNAME, "hostname") /* arg */                                 \
	X(STEP_INIT, "init") /* n uid and gid; caps none; own filter */        \
	/* group: limits of the user processes together */                     \
	X(STEP_LIMIT, "limit") /* arg: controller.value; n */                  \
	/* process: one user process, between fork and exec */                 \
	X(STEP_ATTACH, "attach")       /* arg: controllers */                  \
	X(STEP_GROUPVIEW, "groupview") /* its group is the root it sees */     \
	X(STEP_SESSION, "session") /* setsid, signals as at birth, umask */    \
	X(STEP_STDIO, "stdio")     /* descriptors 0, 1, 2 and no other */      \
	X(STEP_CWD, "cwd")         /* path */                                  \
	X(STEP_RLIMIT, "rlimit")   /* arg name; n value */                     \
	X(STEP_IDS, "ids")         /* n uid and gid; no groups */              \
	X(STEP_CAPS, "caps")       /* all five sets empty, verified */         \
	X(STEP_NNP, "no-new-privs")                                            \
	X(STEP_ALLOW, "allow")       /* path; arg read, write, device */       \
	X(STEP_LANDLOCK, "landlock") /* n version: nothing but the allowed */  \
	X(STEP_SECCOMP, "seccomp")   /* arg profile; n: name refusals */       \
	X(STEP_EXEC, "exec")

enum step_kind {
#define STEP_ENUM(sym, name) sym,
	STEP_TABLE(STEP_ENUM)
#undef STEP_ENUM
		STEP_COUNT
};

struct step {
	enum step_kind kind;
	const char *path, *arg; /* of the plan or the profile; NULL: none */
	uint64_t n, m;
};

/* The printed name; never NULL. */
const char *step_name(enum step_kind kind);
