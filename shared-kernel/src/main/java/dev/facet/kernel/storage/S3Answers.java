package dev.facet.kernel.storage;

import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a store's refusals mean. */
public final class S3Answers {
  private static final int NOT_FOUND = 404;
  private static final int UNSATISFIABLE = 416;

  private S3Answers() {}

  /** The bucket has no object of that key; that there is no such bucket is another matter. */
  public static boolean isMissingObject(Throwable failure) {
    return status(failure) == NOT_FOUND && !"NoSuchBucket".equals(code(failure));
  }

  /** The object ends before the range that was asked for begins. */
  public static boolean isBeyondEnd(Throwable failure) {
    return status(failure) == UNSATISFIABLE;
  }

  static int status(Throwable failure) {
    return failure instanceof S3Exception answer ? answer.statusCode() : 0;
  }

  private static String code(Throwable failure) {
    return Optional.ofNullable(((S3Exception) failure).awsErrorDetails())
        .map(AwsErrorDetails::errorCode)
        .orElse("");
  }
}
