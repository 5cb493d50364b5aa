package org.portals4j.tools.files;

/** Told how transfers go on, by the thread that runs them. */
public interface TransferListener {
    /** Is not interested. */
    TransferListener NONE =
            new TransferListener() {
                @Override
                public void onBytes(final long count) {}

                @Override
                public void onFile(final FileOutcome outcome) {}
            };

    /**
     * Bytes have been moved.
     *
     * @param count since the last call
     */
    void onBytes(long count);

    /**
     * A file is done, well or not.
     *
     * @param outcome how it ended
     */
    void onFile(FileOutcome outcome);
}
