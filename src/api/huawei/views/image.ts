import type { ImageView } from '../../../service/index.ts';

const failures: Readonly<Record<string, string>> = {
  too_large: 'huge_image',
  timeout: 'response_timed_out',
  not_found: 'image_not_exist_or_docker_api_fault',
  image_not_found: 'image_not_exist_or_docker_api_fault',
};

/** State of the last scan in the words of the image list. */
export function scanStatusOf(state: ImageView['scan']['state']): string {
  switch (state) {
    case 'matched':
    case 'partial':
      return 'success';
    case 'pulling':
    case 'analysing':
      return 'scanning';
    case 'queued':
      return 'waiting_for_scan';
    case 'never':
    case 'cancelled':
      return 'unscan';
    default:
      return 'failed';
  }
}

/** Worst level of an image: `Security` is the vendor's word for none. */
export function imageLevel({ counts: { cve, sca } }: ImageView): string {
  if (cve.critical + sca.critical + cve.high + sca.high > 0) return 'High';
  if (cve.medium + sca.medium > 0) return 'Medium';
  return cve.total + sca.total > 0 ? 'Low' : 'Security';
}

/** An item of the local image list. No server reports containers, so those numbers are zero. */
export function imageItem(image: ImageView): object {
  const { scan, counts } = image;
  const status = scanStatusOf(scan.state);
  return {
    image_name: image.repository.path,
    image_version: image.tag ?? '',
    image_id: image.uuid,
    image_digest: image.digest,
    local_image_type: 'other_image',
    scan_status: status,
    image_size: image.size ?? 0,
    latest_update_time: image.since,
    latest_scan_time: scan.at ?? 0,
    vul_num: counts.cve.total + counts.sca.total,
    unsafe_setting_num: counts.baseline,
    malicious_file_num: counts.malicious,
    host_num: 0,
    container_num: 0,
    scan_failed_desc: status === 'failed' ? (failures[scan.reason?.code ?? scan.state] ?? 'unknown_error') : '',
    severity_level: imageLevel(image),
    host_name: '',
    host_id: '',
    agent_id: '',
    non_scan_reason: '',
  };
}
