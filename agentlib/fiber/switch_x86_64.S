/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switch for x86-64, System V calling convention: six registers and the
 * two floating point control words; everything else is the caller's to keep.
 * switch_prepare() in switch_asm.c writes the same frame by hand.
 */
#if defined(__x86_64__) && !defined(FIBER_UCONTEXT)
	.text
	.p2align 4
	.globl switch_swap
	.hidden switch_swap
	.type switch_swap, @function
/* void switch_swap(void **save, void *to) */
switch_swap:
	.cfi_startproc
	endbr64
	subq $56, %rsp
	.cfi_adjust_cfa_offset 56
	stmxcsr (%rsp)
	fnstcw 4(%rsp)
	movq %r15, 8(%rsp)
	movq %r14, 16(%rsp)
	movq %r13, 24(%rsp)
	movq %r12, 32(%rsp)
	movq %rbx, 40(%rsp)
	movq %rbp, 48(%rsp)
	.cfi_rel_offset %r15, 8
	.cfi_rel_offset %r14, 16
	.cfi_rel_offset %r13, 24
	.cfi_rel_offset %r12, 32
	.cfi_rel_offset %rbx, 40
	.cfi_rel_offset %rbp, 48
	movq %rsp, (%rdi)
	movq %rsi, %rsp
	ldmxcsr (%rsp)
	fldcw 4(%rsp)
	movq 8(%rsp), %r15
	movq 16(%rsp), %r14
	movq 24(%rsp), %r13
	movq 32(%rsp), %r12
	movq 40(%rsp), %rbx
	movq 48(%rsp), %rbp
	.cfi_restore %r15
	.cfi_restore %r14
	.cfi_restore %r13
	.cfi_restore %r12
	.cfi_restore %rbx
	.cfi_restore %rbp
	addq $56, %rsp
	.cfi_adjust_cfa_offset -56
	ret
	.cfi_endproc
	.size switch_swap, . - switch_swap

	.p2align 4
	.globl switch_start
	.hidden switch_start
	.type switch_start, @function
/* The first return on a new stack lands here; unwinding ends here. */
switch_start:
	.cfi_startproc
	.cfi_undefined %rip
	endbr64
	movq %r13, %rdi
	callq *%r12
	ud2
	.cfi_endproc
	.size switch_start, . - switch_start

/*
 * Indirect branch tracking is fine (bit 0). A shadow stack (bit 1) would have
 * to be switched as well and is not, so the linker must not claim it: a program
 * with this file in it runs without one instead of dying at the first switch.
 */
	.section .note.gnu.property, "a"
	.p2align 3
	.long 4, 16, 5
	.asciz "GNU"
	.long 0xc0000002, 4, 1, 0
#endif
	.section .note.GNU-stack, "", %progbits
