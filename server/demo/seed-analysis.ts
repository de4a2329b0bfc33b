import { addDataset, fileNumber, seedFile, type SeedDids } from './seed-dids';

const USER = 'user.jdoe';
const GROUP = 'group.phys-higgs';

/** What people make: ntuples, names with slashes, things still growing, things lost. */
export function addAnalysis(dids: SeedDids): void {
  const ntuples = `${USER}.410470.ttbar_nonallhad.v3_tree.root`;
  addDataset(dids, {
    scope: USER,
    name: `${ntuples}.387612044`,
    account: 'jdoe',
    files: 8,
    fileName: (index) => `${USER}.38761204._${fileNumber(index)}.tree.root`,
    at: [{ rse: 'DESY-HH_DATADISK' }],
  });
  addDataset(dids, {
    scope: USER,
    name: `${ntuples}.387612099`,
    account: 'jdoe',
    files: 5,
    open: true,
    fileName: (index) => `${USER}.38761209._${fileNumber(index)}.tree.root`,
    at: [{ rse: 'DESY-HH_DATADISK', every: 2 }, { rse: 'RAL-LCG2_SCRATCHDISK' }],
  });
  dids.collections.push({
    scope: USER,
    name: ntuples,
    account: 'jdoe',
    type: 'CONTAINER',
    open: true,
    children: [`${ntuples}.387612044`, `${ntuples}.387612099`],
  });
  addNamesWithSlashes(dids);
  addDataset(dids, {
    scope: GROUP,
    name: `${GROUP}.ttH_combination.workspaces.v2`,
    account: 'physics-higgs',
    files: 3,
    fileName: (index) => `${GROUP}.ttH_combination.ws_${index}.root`,
    at: [
      { rse: 'CERN-PROD_DATADISK' },
      { rse: 'BNL-OSG2_DATADISK' },
      { rse: 'RAL-LCG2_SCRATCHDISK', state: 'TEMPORARY_UNAVAILABLE' },
    ],
  });
  addLostAndEmpty(dids);
}

function addNamesWithSlashes(dids: SeedDids): void {
  addDataset(dids, {
    scope: USER,
    name: 'analysis/2026/higgs/limits_v2',
    account: 'jdoe',
    files: 4,
    fileName: (index) => `analysis/2026/higgs/limits_v2/workspace_${index}.root`,
    at: [{ rse: 'CERN-PROD_DATADISK' }],
  });
  addDataset(dids, {
    scope: USER,
    name: '/store/user/jdoe/nanoaod/run3',
    account: 'jdoe',
    files: 2,
    fileName: (index) => `/store/user/jdoe/nanoaod/run3/nano_${index}.root`,
    at: [{ rse: 'BNL-OSG2_DATADISK' }],
  });
  // The last part of this name is also the last part of an address of Rucio.
  addDataset(dids, {
    scope: USER,
    name: 'analysis/2026/files',
    account: 'jdoe',
    files: 1,
    open: true,
    fileName: () => 'analysis/2026/files/list.txt',
    at: [{ rse: 'CERN-PROD_DATADISK' }],
  });
}

function addLostAndEmpty(dids: SeedDids): void {
  const lost = seedFile('archive', 'calibration-2009.tar');
  const broken = seedFile('archive', 'calibration-2010.tar');
  dids.files.push(lost, broken);
  dids.replicas.push(
    { rse: 'CERN-PROD_RAW', scope: 'archive', name: lost.name, state: 'UNAVAILABLE' },
    { rse: 'CERN-PROD_RAW', scope: 'archive', name: broken.name, state: 'AVAILABLE' },
    { rse: 'RAL-LCG2_SCRATCHDISK', scope: 'archive', name: broken.name, state: 'UNAVAILABLE' },
  );
  dids.collections.push(
    {
      scope: 'archive',
      name: 'calibration',
      account: 'prodsys',
      type: 'DATASET',
      open: false,
      children: [lost.name, broken.name],
    },
    {
      scope: 'archive',
      name: 'empty-dataset',
      account: 'prodsys',
      type: 'DATASET',
      open: true,
      children: [],
    },
    {
      scope: 'archive',
      name: 'empty-container',
      account: 'prodsys',
      type: 'CONTAINER',
      open: true,
      children: [],
    },
  );
}
