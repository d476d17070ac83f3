package dev.tetra.tsm.ports;

/** The text of an IPv6 address, as RFC 5952 wants it. */
final class IPv6Text {

    private static final int GROUPS = 8;

    private IPv6Text() {}

    /** The text of 16 bytes. */
    static String of(int[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = bytes[2 * i] << 8 | bytes[2 * i + 1];
        }
        if (isMappedIPv4(groups)) {
            return "::ffff:" + bytes[12] + "." + bytes[13] + "." + bytes[14] + "." + bytes[15];
        }
        int gap = 0;
        int gapLength = 0;
        for (int i = 0; i < GROUPS; i++) {
            int length = zerosFrom(groups, i);
            if (length > gapLength) {
                gap = i;
                gapLength = length;
            }
        }
        return gapLength < 2
                ? hex(groups, 0, GROUPS)
                : hex(groups, 0, gap) + "::" + hex(groups, gap + gapLength, GROUPS);
    }

    private static boolean isMappedIPv4(int[] groups) {
        return zerosFrom(groups, 0) == 5 && groups[5] == 0xffff;
    }

    private static int zerosFrom(int[] groups, int first) {
        int end = first;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - first;
    }

    private static String hex(int[] groups, int first, int end) {
        StringBuilder text = new StringBuilder();
        for (int i = first; i < end; i++) {
            text.append(i == first ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
