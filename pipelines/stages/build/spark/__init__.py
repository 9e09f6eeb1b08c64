"""The models of a build computed by Apache Spark; meaning and judgement stay where they are."""
