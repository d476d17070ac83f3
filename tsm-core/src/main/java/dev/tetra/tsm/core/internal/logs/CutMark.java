package dev.tetra.tsm.core.internal.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What stands at the beginning of a log for the moment between "its first bytes are archived" and "its first bytes are
 * gone". It lies over bytes that the archive has, and goes together with them, in one step of the kernel: so the file itself
 * says whether they are still to be removed, whoever was killed in between. <em>Immutable.</em>
 *
 * @param start the offset of the file's first byte
 * @param bytes how many bytes from there on are archived
 * @param nonce tells this cut from any other
 */
record CutMark(long start, long bytes, long nonce) {
    /** No mark is longer; no cut is shorter. */
    static final int LONGEST = 128;

    private static final String BEGIN = "[tsm: cutting ";
    private static final String END = "]";

    /** The offset behind what is archived. */
    long end() {
        return start + bytes;
    }

    /** The line, without its newline. */
    String text() {
        return BEGIN + bytes + " bytes from " + start + " on " + Long.toHexString(nonce) + END;
    }

    byte[] encoded() {
        return (text() + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The mark at the beginning of that file; null if there is none. */
    static @Nullable CutMark read(FileChannel file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(LONGEST);
        while (head.hasRemaining() && file.read(head, head.position()) > 0) {}
        return parse(head.array(), head.position());
    }

    /** The mark that these bytes begin with; null if they do not. */
    static @Nullable CutMark parse(byte[] bytes, int length) {
        if (length < BEGIN.length() || bytes[0] != '[') {
            return null;
        }
        String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        int newline = text.indexOf('\n');
        if (newline < 0 || !text.startsWith(BEGIN)) {
            return null;
        }
        String line = text.substring(0, newline);
        String[] words = line.substring(BEGIN.length()).split(" ", -1);
        if (words.length != 6 || !words[5].endsWith(END)) {
            return null;
        }
        try {
            String nonce = words[5].substring(0, words[5].length() - END.length());
            CutMark mark =
                    new CutMark(Long.parseLong(words[3]), Long.parseLong(words[0]), Long.parseUnsignedLong(nonce, 16));
            boolean sane = mark.start >= 0 && mark.bytes > 0 && mark.start <= Long.MAX_VALUE - mark.bytes;
            return sane && mark.text().equals(line) ? mark : null;
        } catch (NumberFormatException anothersLine) {
            return null;
        }
    }
}
