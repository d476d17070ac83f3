package dev.tetra.tsm.core.internal.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Variables of a start as names with fingerprints: enough to say at the next start which of them changed, and too little to
 * say what they were. A fingerprint is 32 bits of a salted SHA-256: of the many values that have the same, none can be told
 * to be the right one.
 */
public final class VariablePrints {
    /** What TSM sets itself, and says elsewhere. */
    private static final String OURS = "TSM_";

    private static final int BYTES = 4;

    private VariablePrints() {}

    /**
     * Name to fingerprint, by name.
     *
     * @param salt what no other service has, such as its token
     */
    public static Map<String, String> of(String salt, Map<String, String> variables) {
        MessageDigest digest = sha256();
        Map<String, String> prints = new TreeMap<>();
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            if (!variable.getKey().startsWith(OURS)) {
                digest.update(salt.getBytes(UTF_8));
                digest.update((byte) 0);
                digest.update(variable.getKey().getBytes(UTF_8));
                digest.update((byte) 0);
                prints.put(
                        variable.getKey(), hex(digest.digest(variable.getValue().getBytes(UTF_8))));
            }
        }
        return prints;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String hex(byte[] hash) {
        StringBuilder text = new StringBuilder(2 * BYTES);
        for (int i = 0; i < BYTES; i++) {
            text.append(Character.forDigit(hash[i] >> 4 & 0xf, 16)).append(Character.forDigit(hash[i] & 0xf, 16));
        }
        return text.toString();
    }

    /**
     * What is different: {@code added NAME}, {@code changed NAME}, {@code removed NAME}, by name. Nothing where one of the
     * two is not known.
     */
    public static List<String> changes(Map<String, String> before, Map<String, String> now) {
        List<String> changes = new ArrayList<>();
        if (before.isEmpty() || now.isEmpty()) {
            return changes;
        }
        TreeMap<String, String> all = new TreeMap<>(before);
        all.putAll(now);
        for (String name : all.keySet()) {
            String old = before.get(name);
            String fresh = now.get(name);
            if (old == null) {
                changes.add("added " + name);
            } else if (fresh == null) {
                changes.add("removed " + name);
            } else if (!old.equals(fresh)) {
                changes.add("changed " + name);
            }
        }
        return changes;
    }
}
