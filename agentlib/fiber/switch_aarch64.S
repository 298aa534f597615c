/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The switch for 64-bit ARM (AAPCS64): x19 to x30 and the low halves of v8 to
 * v15. The rounding mode (FPCR) is not kept per fiber: writing it costs more
 * than the rest, and nobody here changes it. switch_prepare() in switch_asm.c
 * writes the same frame by hand.
 */
#if defined(__aarch64__) && !defined(FIBER_UCONTEXT)
	.text
	.p2align 4
	.globl switch_swap
	.hidden switch_swap
	.type switch_swap, %function
/* void switch_swap(void **save, void *to); hint #34 is "bti c", else a no-op */
switch_swap:
	.cfi_startproc
	hint #34
	sub sp, sp, #160
	.cfi_adjust_cfa_offset 160
	stp x19, x20, [sp, #0]
	stp x21, x22, [sp, #16]
	stp x23, x24, [sp, #32]
	stp x25, x26, [sp, #48]
	stp x27, x28, [sp, #64]
	stp x29, x30, [sp, #80]
	.cfi_rel_offset x29, 80
	.cfi_rel_offset x30, 88
	stp d8, d9, [sp, #96]
	stp d10, d11, [sp, #112]
	stp d12, d13, [sp, #128]
	stp d14, d15, [sp, #144]
	mov x9, sp
	str x9, [x0]
	mov sp, x1
	ldp x19, x20, [sp, #0]
	ldp x21, x22, [sp, #16]
	ldp x23, x24, [sp, #32]
	ldp x25, x26, [sp, #48]
	ldp x27, x28, [sp, #64]
	ldp x29, x30, [sp, #80]
	ldp d8, d9, [sp, #96]
	ldp d10, d11, [sp, #112]
	ldp d12, d13, [sp, #128]
	ldp d14, d15, [sp, #144]
	.cfi_restore x29
	.cfi_restore x30
	add sp, sp, #160
	.cfi_adjust_cfa_offset -160
	ret
	.cfi_endproc
	.size switch_swap, . - switch_swap

	.p2align 4
	.globl switch_start
	.hidden switch_start
	.type switch_start, %function
/* The first return on a new stack lands here; unwinding ends here. */
switch_start:
	.cfi_startproc
	.cfi_undefined x30
	hint #34
	mov x0, x20
	blr x19
	brk #1
	.cfi_endproc
	.size switch_start, . - switch_start
#endif
	.section .note.GNU-stack, "", %progbits
