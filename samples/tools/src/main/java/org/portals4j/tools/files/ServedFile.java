package org.portals4j.tools.files;

/** A file that a client has open at the server. */
sealed interface ServedFile permits ReceivedFile, ExposedFile {
    /** The match bits of its entry. */
    long matchBits();

    /** Ends it without success: the entry is unlinked, memory unmapped, half a file deleted. */
    void abandon();
}
