// SPDX-License-Identifier: GPL-2.0-or-later
// nothing: the empty program that start-up times are compared with.

int main(void)
{
	return 0;
}
